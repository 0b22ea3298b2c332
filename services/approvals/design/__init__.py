"""Design: chains drawn, put in words, compared, tried on real requests, and begun from ready-made ones."""
