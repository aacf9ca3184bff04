variable "deadline_seconds" {
  description = "Seconds after which a call is given up and tried again (15 to 1800)."
  type        = number
  default     = 900
  nullable    = false

  validation {
    condition     = var.deadline_seconds >= 15 && var.deadline_seconds <= 1800
    error_message = "deadline_seconds lies between 15 and 1800."
  }
}

variable "description" {
  description = "What the job is for, in a sentence."
  type        = string
  nullable    = false
}

variable "location" {
  description = "Region of the job and of the service (`us-central1`)."
  type        = string
  nullable    = false
}

variable "name" {
  description = "Name of the job (`prod-audit`)."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z][A-Za-z0-9_-]{0,499}$", var.name))
    error_message = "A job's name has up to 500 letters, digits, hyphens and underscores, and begins with a letter."
  }
}

variable "path" {
  description = "Path that is called (`/audit`)."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.path, "/")
    error_message = "The path begins with a slash."
  }
}

variable "paused" {
  description = "Keep the job, but do not call."
  type        = bool
  default     = false
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

variable "schedule" {
  description = "When to call, as a cron expression in UTC."
  type        = string
  default     = "7 * * * *"
  nullable    = false

  validation {
    condition     = length(split(" ", var.schedule)) == 5
    error_message = "schedule is a cron expression of five fields (minute, hour, day, month, weekday)."
  }
}

variable "service" {
  description = "Name of the Cloud Run service that is called."
  type        = string
  nullable    = false
}

variable "service_account" {
  description = "E-mail address of the account that calls. It gets roles/run.invoker on the service and nothing else."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^@\\s]+@[a-z0-9-]+\\.iam\\.gserviceaccount\\.com$", var.service_account))
    error_message = "The job calls the service as an account of its own (name@project.iam.gserviceaccount.com)."
  }
}

variable "service_uri" {
  description = "Address of the service, without a slash at the end."
  type        = string
  nullable    = false
}
