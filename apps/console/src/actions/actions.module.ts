import { Module, type DynamicModule } from '@nestjs/common';
import { approvalCosts } from '@pipeline/bigquery-tables';
import { PendingList } from '@pipeline/books';
import { PinoLogger } from 'nestjs-pino';
import { Access } from '../access/access.js';
import { CONTRACTS_REPOSITORY, SessionController } from '../access/session.controller.js';
import { ApprovalsController } from '../approvals/approvals.controller.js';
import type { ConsoleSettings } from '../config/console.settings.js';
import { PlanController } from '../plan/plan.controller.js';
import { openClient } from '../warehouse/warehouse.module.js';
import { Warehouse } from '../warehouse/warehouse.js';
import { ActionRunner } from './action-runner.js';
import { ActionTools } from './action-tools.js';
import { ActionsController } from './actions.controller.js';
import { DecideAction } from './decide.action.js';
import { DeepAuditAction } from './deep-audit.action.js';
import { DismissAction } from './dismiss.action.js';
import { ExportAction } from './export.action.js';
import { Previews } from './previews.js';
import { PromoteAction } from './promote.action.js';
import { PublishAction } from './publish.action.js';
import { ReplayAction } from './replay.action.js';
import { RetypeAction } from './retype.action.js';

/** Roles, actions and the plan. */
@Module({})
export class ActionsModule {
  static forRoot(settings: Readonly<ConsoleSettings>): DynamicModule {
    return {
      module: ActionsModule,
      controllers: [SessionController, ActionsController, ApprovalsController, PlanController],
      providers: [
        { provide: CONTRACTS_REPOSITORY, useValue: settings.contractsRepository ?? null },
        { provide: Access, useFactory: () => new Access(settings) },
        { provide: PendingList, inject: [Warehouse], useFactory: pendingListOf },
        {
          provide: ActionTools,
          inject: [Warehouse, PendingList],
          useFactory: (warehouse: Warehouse, pending: PendingList) =>
            new ActionTools(settings, openClient(settings), warehouse, pending),
        },
        {
          provide: Previews,
          inject: [Warehouse],
          useFactory: ({ now }: Warehouse) => new Previews(now),
        },
        {
          provide: ActionRunner,
          inject: [ActionTools, Previews, PinoLogger],
          useFactory: (tools: ActionTools, previews: Previews, logger: PinoLogger) =>
            new ActionRunner({
              kinds: actionsOf(tools),
              previews,
              sql: tools.warehouse.sql,
              now: tools.warehouse.now,
              logger,
            }),
        },
      ],
    };
  }
}

/** Age from which the list of what waits is read again, in milliseconds; the local cloud bills nothing. */
const [PENDING_MAX_AGE_MS, LOCAL_MAX_AGE_MS] = [30_000, 2_000];

function pendingListOf({ sql, store, readSchema, isLocal }: Warehouse): PendingList {
  return new PendingList({
    sql,
    readSchema,
    estimate: (tables) => approvalCosts({ sql, store }, tables),
    maxAgeMs: isLocal ? LOCAL_MAX_AGE_MS : PENDING_MAX_AGE_MS,
  });
}

function actionsOf(tools: ActionTools): ConstructorParameters<typeof ActionRunner>[0]['kinds'] {
  return [
    new ReplayAction(tools),
    new DismissAction(tools),
    new ExportAction(tools),
    new PromoteAction(tools),
    new RetypeAction(tools),
    new DecideAction('approve', tools),
    new DecideAction('reject', tools),
    new DeepAuditAction(tools),
    new PublishAction(tools),
  ];
}
