"""Numbers for the public: shares that add up, small cells protected, two periods compared."""
