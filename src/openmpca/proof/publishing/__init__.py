"""The log as anybody may have it: as files and over HTTP; and how the logs of others are reached."""
