"""What all figures are drawn with: canvas, axes, fonts, style, saving."""
