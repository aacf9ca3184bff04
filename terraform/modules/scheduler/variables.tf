variable "jobs" {
  description = "Calls by name of the job (`prod-audit`): path, schedule (cron, UTC), JSON body (null: none), seconds until a call is given up (15 to 1800), and retries."
  type = map(object({
    body             = optional(string)
    deadline_seconds = optional(number, 900)
    description      = string
    path             = string
    paused           = optional(bool, false)
    retry_count      = optional(number, 3)
    schedule         = string
  }))
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.jobs) : can(regex("^[A-Za-z][A-Za-z0-9_-]{0,499}$", name))])
    error_message = "A job's name has up to 500 letters, digits, hyphens and underscores, and begins with a letter."
  }

  validation {
    condition     = alltrue([for job in values(var.jobs) : startswith(job.path, "/")])
    error_message = "A path begins with a slash."
  }

  validation {
    condition     = alltrue([for job in values(var.jobs) : length(split(" ", job.schedule)) == 5])
    error_message = "A schedule is a cron expression of five fields (minute, hour, day, month, weekday)."
  }

  validation {
    condition     = alltrue([for job in values(var.jobs) : job.deadline_seconds >= 15 && job.deadline_seconds <= 1800])
    error_message = "deadline_seconds lies between 15 and 1800."
  }

  validation {
    condition     = alltrue([for job in values(var.jobs) : job.body == null ? true : can(jsondecode(job.body))])
    error_message = "A body is JSON."
  }
}

variable "location" {
  description = "Region of the job and of the service (`us-central1`)."
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

variable "service" {
  description = "Name of the Cloud Run service that is called."
  type        = string
  nullable    = false
}

variable "service_account" {
  description = "E-mail address of the account that makes the calls. It gets roles/run.invoker on the service and nothing else."
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
