"""The routes from reported figures to effects."""
