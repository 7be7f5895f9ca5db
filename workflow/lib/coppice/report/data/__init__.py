"""The formats that hold results: tables, workbook, R script, provenance, research object."""
