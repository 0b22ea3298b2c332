"""What the time machines share: drafts that are never edited, the run that tries one, and the sums of what it found."""
