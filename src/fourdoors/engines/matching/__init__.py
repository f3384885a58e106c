"""Who gets which vacancy: hard rules, points, the exact plan, its proof and its reasons."""
