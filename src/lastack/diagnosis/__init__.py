"""Every ending makes its case; odds, not order, decide; the verdict carries proof."""
