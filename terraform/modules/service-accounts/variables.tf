variable "accounts" {
  description = "Accounts to make, by the name that follows the prefix. `project_roles` are only roles that no single resource can grant."
  type = map(object({
    description   = string
    project_roles = optional(set(string), [])
  }))
  nullable = false

  validation {
    condition     = alltrue([for key in keys(var.accounts) : can(regex("^[a-z][a-z0-9-]*[a-z0-9]$", key))])
    error_message = "Names of accounts are lower-case letters, digits and hyphens, and begin with a letter."
  }

  validation {
    condition     = alltrue([for key in keys(var.accounts) : length("${var.prefix}-${key}") >= 6 && length("${var.prefix}-${key}") <= 30])
    error_message = "An account id, prefix and hyphen included, has 6 to 30 characters."
  }

  validation {
    condition = alltrue(flatten([
      for account in values(var.accounts) : [
        for role in account.project_roles : contains(
          ["roles/bigquery.jobUser", "roles/dataflow.worker", "roles/monitoring.metricWriter", "roles/cloudtrace.agent"], role
        )
      ]
    ]))
    error_message = "On the project an account may only hold roles/bigquery.jobUser, roles/dataflow.worker, roles/monitoring.metricWriter or roles/cloudtrace.agent: grant every other role on the resource it is for."
  }
}

variable "custom_roles" {
  description = "Custom roles to create, by the name that follows the prefix."
  type = map(object({
    title       = string
    description = string
    permissions = set(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue(flatten([for role in values(var.custom_roles) : [for permission in role.permissions : !can(regex("setIamPolicy|\\*|actAs|getAccessToken", permission))]]))
    error_message = "A custom role must not let its holder grant, impersonate, or hold a wildcard."
  }
}

variable "prefix" {
  description = "Environment that the accounts belong to, in front of each name (`prod`)."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,10}$", var.prefix))
    error_message = "The prefix is 2 to 11 lower-case letters, digits and hyphens, and begins with a letter."
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

variable "users" {
  description = "Members who may run services and jobs as these accounts, as `user:`, `group:` or `serviceAccount:` with an e-mail address."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for member in var.users : can(regex("^(user|group|serviceAccount):[^@\\s]+@[^@\\s]+$", member))])
    error_message = "Each member is user:, group: or serviceAccount: followed by an e-mail address; no other kind may act as a service account."
  }
}
