"""Documents to print and sign: papers and labels as data, drawn to PDF by typst from the templates beside this file."""
