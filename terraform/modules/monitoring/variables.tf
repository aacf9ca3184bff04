variable "alert_emails" {
  description = "E-mail addresses that alerts are sent to."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for address in var.alert_emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", address))])
    error_message = "alert_emails are e-mail addresses."
  }
}

variable "dataset_id" {
  description = "Id of the dataset, without project."
  type        = string
  nullable    = false
}

variable "dead_letter_reasons" {
  description = "Reasons of dead letters, as the job's counters are named."
  type        = set(string)
  default = [
    "APPEND_FAILED",
    "APPEND_REJECTED",
    "DUPLICATE_KEY",
    "EVENT_TYPE_INVALID",
    "EVENT_TYPE_MISSING",
    "KEY_NOT_UNICODE",
    "NOT_AN_OBJECT",
    "NOT_DECOMPRESSIBLE",
    "NOT_JSON",
    "NOT_UTF8",
    "TABLE_MISSING",
    "TOO_DEEP",
    "TOO_LARGE",
    "TYPE_NOT_ALLOWED",
  ]
  nullable = false
}

variable "dead_letter_topic" {
  description = "Name of the topic of dead letters, without project."
  type        = string
  nullable    = false
}

variable "events_topic" {
  description = "Name of the topic of events, without project."
  type        = string
  nullable    = false
}

variable "job_name" {
  description = "Name of the Dataflow job; null without one (direct mode)."
  type        = string
  default     = null
}

variable "labels" {
  description = "Labels of every alert."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "log_metrics_wait_seconds" {
  description = "Seconds between the creation of a metric of logs and the first alert on it."
  type        = number
  default     = 600
  nullable    = false
}

variable "notification_channels" {
  description = "Channels that exist already and that alerts are sent to as well (`projects/…/notificationChannels/…`)."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "prefix" {
  description = "Environment, in front of the names of metrics, alerts and the dashboard (`prod`)."
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

variable "runbook_url" {
  description = "Address of docs/OPERATIONS.md. Each alert links to its chapter there."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.runbook_url, "https://") && !strcontains(var.runbook_url, "#")
    error_message = "runbook_url is an https address without an anchor."
  }
}

variable "services" {
  description = "Names of the Cloud Run services that are watched."
  type        = set(string)
  nullable    = false
}

variable "subscriptions" {
  description = "Names of the subscriptions that are watched, without project. Those of Eventarc are watched always."
  type        = set(string)
  nullable    = false
}

variable "table_manager" {
  description = "Name of the table-manager service, whose logs become metrics."
  type        = string
  nullable    = false
}

variable "thresholds" {
  description = "What is too much: seconds, milliseconds, a share (0 to 1) and a count, as the names say."
  type = object({
    dead_letters_in_5_minutes = optional(number, 0)
    error_ratio               = optional(number, 0.05)
    job_lag_seconds           = optional(number, 300)
    latency_ms                = optional(number, 8000)
    notices_waiting_seconds   = optional(number, 3600)
    oldest_unacked_seconds    = optional(number, 900)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.thresholds.error_ratio > 0 && var.thresholds.error_ratio < 1
    error_message = "thresholds.error_ratio lies between 0 and 1 (0.05 is five of a hundred)."
  }

  validation {
    condition     = var.thresholds.dead_letters_in_5_minutes >= 0 && var.thresholds.job_lag_seconds > 0 && var.thresholds.latency_ms > 0 && var.thresholds.notices_waiting_seconds > 0 && var.thresholds.oldest_unacked_seconds > 0
    error_message = "Thresholds are not negative, and times are above zero."
  }
}
