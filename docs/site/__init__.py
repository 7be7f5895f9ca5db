"""The site: `python -m docs.site` builds the documentation and the reference of every registry as pages."""
