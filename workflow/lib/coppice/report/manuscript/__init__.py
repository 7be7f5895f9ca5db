"""The page as PDF and DOCX."""
