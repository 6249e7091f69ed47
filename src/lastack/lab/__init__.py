"""The laboratory: scenarios on the real kernel, with the truth beside them."""
