"""The report: one HTML file that shows who commits to what, and the evidence for it."""
