"""What tables of RevMan and of its data package hold: analyses with their settings, and what there is of the studies."""
