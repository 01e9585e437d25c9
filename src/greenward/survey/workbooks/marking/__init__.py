"""The uploaded workbook again, with what is wrong in it marked at its place and listed on a sheet."""
