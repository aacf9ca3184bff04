variable "archive_dataset_id" {
  description = "Id of the dataset of the archive and the ledger (`prod_events_archive`): letters, digits and underscores."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^\\w+$", var.archive_dataset_id)) && length(var.archive_dataset_id) <= 1024
    error_message = "A dataset id has 1 to 1024 letters, digits and underscores."
  }
}

variable "archive_days" {
  description = "Days that `_raw_events` keeps a message: how far back the books and a replay reach (1 to 3650)."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.archive_days >= 1 && var.archive_days <= 3650 && floor(var.archive_days) == var.archive_days
    error_message = "archive_days is a whole number from 1 to 3650."
  }
}

variable "archive_iam" {
  description = "Members of each role on the archive's dataset: role → members. Roles that change data are refused: grant them on a table."
  type        = map(set(string))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue(flatten([for members in values(var.archive_iam) : [for member in members : !contains(["allUsers", "allAuthenticatedUsers"], member)]]))
    error_message = "The archive must not be open to allUsers or allAuthenticatedUsers."
  }

  validation {
    condition     = alltrue([for role in keys(var.archive_iam) : contains(["roles/bigquery.dataViewer", "roles/bigquery.metadataViewer"], role)])
    error_message = "On the archive's dataset only roles/bigquery.dataViewer and roles/bigquery.metadataViewer are granted: Pub/Sub alone writes it."
  }
}

variable "dataset_iam" {
  description = "Members of each role on the dataset: role → members. Primitive roles are refused."
  type        = map(set(string))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue(flatten([for members in values(var.dataset_iam) : [for member in members : !contains(["allUsers", "allAuthenticatedUsers"], member)]]))
    error_message = "The dataset must not be open to allUsers or allAuthenticatedUsers."
  }

  validation {
    condition     = alltrue([for role in keys(var.dataset_iam) : can(regex("^(roles/bigquery\\.\\w+|(projects|organizations)/[^/]+/roles/\\w+)$", role))])
    error_message = "Roles on the dataset are roles/bigquery.* or custom roles; roles/owner, roles/editor and roles/viewer are too broad."
  }
}

variable "dataset_id" {
  description = "Id of the dataset (`prod_events_dataset`): letters, digits and underscores."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^\\w+$", var.dataset_id)) && length(var.dataset_id) <= 1024
    error_message = "A dataset id has 1 to 1024 letters, digits and underscores."
  }
}

variable "deletion_protection" {
  description = "Refuse to delete the dataset, its tables of events included, and the pipeline's own tables."
  type        = bool
  default     = true
  nullable    = false
}

variable "labels" {
  description = "Labels of the dataset and of the pipeline's own tables."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "location" {
  description = "Region or multi-region of the dataset (`us-central1`, `EU`). It cannot be changed later."
  type        = string
  nullable    = false
}

variable "project_id" {
  description = "Id of the Google Cloud project."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "A project id is 6 to 30 lower-case letters, digits and hyphens, and begins with a letter (it is not the project's number)."
  }
}

variable "table_iam" {
  description = "Members of each role on the pipeline's own tables: table → role → members."
  type        = map(map(set(string)))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for table in keys(var.table_iam) : contains(["_raw_events", "_actions", "_backfills", "_dead_letters", "_dismissals", "_notices", "_promotions", "_quarantine", "_schema_history", "_ledger"], table)])
    error_message = "table_iam knows the tables _raw_events, _actions, _backfills, _dead_letters, _dismissals, _notices, _promotions, _quarantine, _schema_history and _ledger."
  }

  validation {
    condition = alltrue(flatten([
      for roles in values(var.table_iam) : [for members in values(roles) : [for member in members : !contains(["allUsers", "allAuthenticatedUsers"], member)]]
    ]))
    error_message = "A table must not be open to allUsers or allAuthenticatedUsers."
  }
}
