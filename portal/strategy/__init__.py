"""The agency's strategic goals, in versions with a period; development goals and activities point to them."""
