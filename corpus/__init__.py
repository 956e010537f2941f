"""The sample corpus: its texts, the makers of its PDFs, and the truth about them. Not part of the package textmine."""
