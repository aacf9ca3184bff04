variable "dead_letters_table" {
  description = "Table that dead letters are written to, as `project.dataset.table`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9:.-]*\\.\\w+\\.\\w+$", var.dead_letters_table))
    error_message = "dead_letters_table is written as project.dataset.table."
  }
}

variable "deletion_protection" {
  description = "Refuse to delete topics and subscriptions: what they hold is lost with them."
  type        = bool
  default     = true
  nullable    = false
}

variable "delivery_mode" {
  description = "`dataflow`: the Dataflow job reads the subscriptions. `direct`: table-manager writes rows, and Pub/Sub itself the file copy."
  type        = string
  default     = "dataflow"
  nullable    = false

  validation {
    condition     = contains(["dataflow", "direct"], var.delivery_mode)
    error_message = "delivery_mode is dataflow or direct."
  }
}

variable "file_max_bytes" {
  description = "Bytes after which a file of the direct mode is closed (1000 to 10737418240)."
  type        = number
  default     = 104857600
  nullable    = false

  validation {
    condition     = var.file_max_bytes >= 1000 && var.file_max_bytes <= 10737418240
    error_message = "file_max_bytes lies between 1000 and 10737418240 (10 GiB)."
  }
}

variable "file_max_duration" {
  description = "Time after which a file of the direct mode is closed, in seconds (`60s` to `600s`)."
  type        = string
  default     = "300s"
  nullable    = false

  validation {
    condition     = can(regex("^([6-9]\\d|[1-5]\\d\\d|600)s$", var.file_max_duration))
    error_message = "file_max_duration is written in seconds, from 60s to 600s."
  }
}

variable "files_bucket" {
  description = "Bucket of the file copy, needed in direct mode. Pub/Sub's service agent must be able to write to it."
  type        = string
  default     = null
}

variable "labels" {
  description = "Labels of every topic and subscription."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "names" {
  description = "Names of topics and subscriptions. They carry no environment prefix."
  type = object({
    topic                    = optional(string, "backend-events-topic")
    subscription             = optional(string, "backend-events-topic-sub")
    archive_subscription     = optional(string, "backend-events-archive")
    files_subscription       = optional(string, "backend-events-files")
    replay_topic             = optional(string, "backend-events-replay")
    replay_subscription      = optional(string, "backend-events-replay-sub")
    dead_letter_topic        = optional(string, "backend-events-dead-letter")
    dead_letter_subscription = optional(string, "backend-events-dead-letter-archive")

    notices_topic                = optional(string, "pipeline-notices")
    notices_webhook_subscription = optional(string, "pipeline-notices-webhook")
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for name in values(var.names) : can(regex("^[A-Za-z][A-Za-z0-9._~+%-]{2,254}$", name)) && !startswith(name, "goog")])
    error_message = "Names of topics and subscriptions have 3 to 255 of the characters A-Z a-z 0-9 . _ ~ + % -, begin with a letter and not with goog."
  }
}

variable "notices_webhook" {
  description = "Address (https) to which every notice is pushed as a CloudEvent, with a token of `service_account` if there is one, and only notices of `types` if there are any; null: none."
  type = object({
    endpoint        = string
    service_account = optional(string)
    types           = optional(set(string), [])
  })
  default = null

  validation {
    condition     = var.notices_webhook == null ? true : startswith(var.notices_webhook.endpoint, "https://")
    error_message = "Pub/Sub pushes to https addresses only."
  }

  validation {
    condition     = var.notices_webhook == null ? true : length(setsubtract(var.notices_webhook.types, ["approval.decided", "approval.pending", "books.unbalanced", "deadletters.rising", "schema.changed", "type.silent"])) == 0
    error_message = "Types of notices are those of docs/notices."
  }
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

variable "raw_events_table" {
  description = "Table that the archive is written to, as `project.dataset.table`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9:.-]*\\.\\w+\\.\\w+$", var.raw_events_table))
    error_message = "raw_events_table is written as project.dataset.table."
  }
}

variable "subscription_iam" {
  description = "Members of each role on the subscriptions that a job reads: `events` or `replay` → role → members."
  type        = map(map(set(string)))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.subscription_iam) : contains(["events", "replay"], key)])
    error_message = "subscription_iam knows the subscriptions events and replay."
  }

  validation {
    condition = alltrue(flatten([
      for roles in values(var.subscription_iam) : [for members in values(roles) : [for member in members : !contains(["allUsers", "allAuthenticatedUsers"], member)]]
    ]))
    error_message = "A subscription must not be open to allUsers or allAuthenticatedUsers."
  }
}

variable "topic_iam" {
  description = "Members of each role on the topics: `events`, `replay`, `dead_letter` or `notices` → role → members."
  type        = map(map(set(string)))
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.topic_iam) : contains(["events", "replay", "dead_letter", "notices"], key)])
    error_message = "topic_iam knows the topics events, replay, dead_letter and notices."
  }

  validation {
    condition = alltrue(flatten([
      for roles in values(var.topic_iam) : [for members in values(roles) : [for member in members : !contains(["allUsers", "allAuthenticatedUsers"], member)]]
    ]))
    error_message = "A topic must not be open to allUsers or allAuthenticatedUsers."
  }
}
