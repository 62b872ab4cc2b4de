"""Meta Content Library CSV: posts of Facebook, Instagram and Threads under ids of the library's own."""
