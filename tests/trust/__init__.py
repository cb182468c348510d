"""What `../shared/design/TRUST.md` asks for, row by row: R reliability, F fuzzing, S security; docs/trust.md has the table."""
