"""What people see of the twin: the login pages that the product redirects to, and the page with chats and a phone."""
