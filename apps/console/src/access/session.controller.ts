import { Controller, Get, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Flag, Text } from '../api/properties.js';
import { Warehouse } from '../warehouse/warehouse.js';
import { Access } from './access.js';
import { ROLES, type Role } from './role.js';

/** The caller. */
export class SessionView {
  @Text({ example: 'ada@example.com' }) readonly person!: string;
  @ApiProperty({ enum: ROLES }) readonly role!: Role;
  @Flag({ description: 'True for the local cloud, where events may be published' })
  readonly isLocal!: boolean;
}

/** The caller and the role. */
@ApiTags('Session')
@Controller('api/session')
export class SessionController {
  constructor(
    private readonly access: Access,
    private readonly warehouse: Warehouse,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'getSession', summary: 'The caller, and the role that decides about actions' })
  @ApiOkResponse({ type: SessionView })
  read(@Req() request: FastifyRequest): SessionView {
    const { person, role } = this.access.identify(request);
    return { person, role, isLocal: this.warehouse.isLocal };
  }
}
