"""Facebook's "Download your information": the posts of a page, or of a member who stays unnamed."""
