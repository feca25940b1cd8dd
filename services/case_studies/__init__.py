"""Case studies: people's own stories, told with consent, reviewed before anyone else reads them."""
