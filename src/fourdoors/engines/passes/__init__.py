"""The signed pass of a rider: made on the server, read at a door without a network."""
