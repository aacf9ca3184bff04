# Terraform's own ruleset is part of tflint, so nothing is downloaded.
plugin "terraform" {
  enabled = true
  preset  = "all"
}

# Private locals begin with an underscore.
rule "terraform_naming_convention" {
  enabled = true

  locals {
    custom = "^_[a-z][a-z0-9_]*$"
  }
}

# Files are named by what is in them; examples and stacks have no variables or outputs of their own to split off.
rule "terraform_standard_module_structure" {
  enabled = false
}
