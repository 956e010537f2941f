"""Three makers of PDFs with different fonts, layout habits and inner structure, and what is done to their files."""
