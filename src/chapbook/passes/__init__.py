"""The passes, each a change to a chapter's tree, one subject per module."""
