variable "project_id" {
  description = "Id of the Google Cloud project."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "A project id is 6 to 30 lower-case letters, digits and hyphens, and begins with a letter (it is not the project's number)."
  }
}

variable "services" {
  description = "Services to switch on (`pubsub.googleapis.com`)."
  type        = set(string)
  nullable    = false

  validation {
    condition     = alltrue([for service in var.services : can(regex("^[a-z][a-z0-9-]*\\.googleapis\\.com$", service))])
    error_message = "Services are written in full: NAME.googleapis.com."
  }
}

variable "wait_seconds" {
  description = "Seconds to wait after services were switched on, before anything uses them."
  type        = number
  default     = 60
  nullable    = false
}
