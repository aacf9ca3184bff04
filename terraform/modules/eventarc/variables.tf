variable "deletion_protection" {
  description = "Refuse to delete triggers: messages that were not delivered yet would be lost with them."
  type        = bool
  default     = true
  nullable    = false
}

variable "labels" {
  description = "Labels of every trigger."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "location" {
  description = "Region of the triggers and of the service (`us-central1`)."
  type        = string
  nullable    = false
}

variable "path" {
  description = "Path of the service that takes events."
  type        = string
  default     = "/"
  nullable    = false

  validation {
    condition     = startswith(var.path, "/")
    error_message = "The path begins with a slash."
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

variable "service" {
  description = "Name of the Cloud Run service that takes events."
  type        = string
  nullable    = false
}

variable "service_account" {
  description = "E-mail address of the account that calls the service. It gets roles/run.invoker on the service and nothing else."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[^@\\s]+@[a-z0-9-]+\\.iam\\.gserviceaccount\\.com$", var.service_account))
    error_message = "Triggers call the service as an account of their own (name@project.iam.gserviceaccount.com)."
  }
}

variable "triggers" {
  description = "Triggers to make: name → full name of a topic (`projects/…/topics/…`)."
  type        = map(string)
  nullable    = false

  validation {
    condition     = alltrue([for topic in values(var.triggers) : can(regex("^projects/[^/]+/topics/[^/]+$", topic))])
    error_message = "Topics are written in full: projects/PROJECT/topics/TOPIC."
  }

  validation {
    condition     = alltrue([for name in keys(var.triggers) : can(regex("^[a-z][a-z0-9-]{0,61}[a-z0-9]$", name))])
    error_message = "A trigger's name has 2 to 63 lower-case letters, digits and hyphens, and begins with a letter."
  }
}
