import type { Warehouse } from '../warehouse/warehouse.js';
import { type Route, route } from './router.js';

/** `projects.*` of REST v2: every project that has a dataset. */
export function projectRoutes(warehouse: Warehouse): Route[] {
  return [
    route('GET', 'projects.list', '/projects', () => {
      const projects = warehouse.catalog.projectIds().map((projectId) => ({
        kind: 'bigquery#project',
        id: projectId,
        projectReference: { projectId },
        friendlyName: projectId,
      }));
      return { body: { kind: 'bigquery#projectList', projects, totalItems: projects.length } };
    }),
    route('GET', 'projects.getServiceAccount', '/projects/:projectId/serviceAccount', () => ({
      body: { kind: 'bigquery#getServiceAccountResponse', email: 'local@localhost' },
    })),
  ];
}
