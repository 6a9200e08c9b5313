"""What an analyst types: notebooks, JupyterLab, one student's trace, the documentation of the data."""
