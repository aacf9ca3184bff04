import { Controller, Get, Inject, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Flag, Text, TextOrNull } from '../api/properties.js';
import { Warehouse } from '../warehouse/warehouse.js';
import { Access } from './access.js';
import { ROLES, type Role } from './role.js';

export const CONTRACTS_REPOSITORY = Symbol('CONTRACTS_REPOSITORY');

/** The caller. */
export class SessionView {
  @Text({ example: 'ada@example.com' }) readonly person!: string;
  @ApiProperty({ enum: ROLES }) readonly role!: Role;
  @Flag({ description: 'True for the local cloud, where events may be published' })
  readonly isLocal!: boolean;
  @TextOrNull({
    description: 'Repository of the contracts; null if the service does not know it',
    example: 'https://github.com/example/contracts',
  })
  readonly contractsRepository!: string | null;
}

/** The caller and the role. */
@ApiTags('Session')
@Controller('api/session')
export class SessionController {
  constructor(
    private readonly access: Access,
    private readonly warehouse: Warehouse,
    @Inject(CONTRACTS_REPOSITORY) private readonly contractsRepository: string | null,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'getSession', summary: 'The caller, and the role that decides about actions' })
  @ApiOkResponse({ type: SessionView })
  read(@Req() request: FastifyRequest): SessionView {
    const { person, role } = this.access.identify(request);
    return { person, role, isLocal: this.warehouse.isLocal, contractsRepository: this.contractsRepository };
  }
}
