"""How sure a figure is: reliability, weights, intervals, small areas and ranks. Pure, on sums that were gathered."""
