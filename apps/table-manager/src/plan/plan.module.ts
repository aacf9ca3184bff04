import { Module } from '@nestjs/common';
import { TablesModule } from '../tables/tables.module.js';
import { PlanBatchService } from './plan-batch.service.js';
import { PlanController } from './plan.controller.js';

/** `POST /plan`. */
@Module({ imports: [TablesModule], controllers: [PlanController], providers: [PlanBatchService] })
export class PlanModule {}
