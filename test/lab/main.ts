#!/usr/bin/env node
import { labCommand } from './lab.command.js';

await labCommand().parseAsync();
