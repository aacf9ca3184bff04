import { userInfo } from 'node:os';
import { Injectable } from '@nestjs/common';
import { callerOf } from '@pipeline/platform';
import type { FastifyRequest } from 'fastify';
import { SERVICE_VERSION } from '../service-version.js';
import { roleOf, type Role, type RoleLists } from './role.js';

/** The person of a request. */
export interface Identity {
  /** Address by Identity-Aware Proxy, else the user of this machine. */
  readonly person: string;
  /** The service with the person, for histories and logs: `console@0.1.0 (ada@example.com)`. */
  readonly actor: string;
  readonly role: Role;
}

/** Finds the person of a request and the role. */
@Injectable()
export class Access {
  constructor(private readonly lists: RoleLists) {}

  identify(request: FastifyRequest): Identity {
    const email = callerOf(request);
    const person = email ?? localUser();
    const role = email === null ? this.lists.role : roleOf(email, this.lists);
    return { person, actor: `console@${SERVICE_VERSION} (${person})`, role };
  }
}

/** A container may run under a user id without a name. */
function localUser(): string {
  try {
    return userInfo().username;
  } catch {
    return 'local';
  }
}
