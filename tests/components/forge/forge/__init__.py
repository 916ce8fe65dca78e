"""Issues of a Git forge (Gitea, Forgejo): what the contract asks for, in plain Python.

Start reading at `reading`. Nothing here imports generated bindings: values are those of `values`, requests go out by a
function that is handed in, and there is no clock, no chance and no file.

Three datasets, in this order:

- `changes`: one feed for the whole site. An idle sync is one request: which issues were touched since the checkpoint.
  A new comment touches its issue, so comments are asked for in those repositories alone. An *edited* comment touches
  nothing; the next inventory finds it.
- `people`: users, and who belongs to which team. It is small and read as a whole.
- `issues`: a partition a repository: itself with its readers, its issues, their comments. The API has no shorter list
  than the whole one, so an inventory asks for the same and delivers less.

The checkpoint is the server's own time (its `date` header) when the read began, less a minute.

Who may read is what the API tells: see `access`. Absent on purpose: pull requests and code, which are other kinds of
things; attachments; and that a site's administrators may open everything, which is no reason to show it to them in a
search.
"""
