import { applyMask } from '../broker/field-mask.js';
import { pageOf } from '../broker/pages.js';
import {
  createSnapshot,
  deleteSnapshot,
  getSnapshot,
  listSnapshots,
  seek,
  updateSnapshot,
} from '../broker/snapshots.js';
import { checkProject } from '../resources/names.js';
import type { SnapshotResource } from '../resources/resources.js';
import { protoType } from '../wire/protos.js';
import { invalidArgument, unimplemented } from '../wire/status.js';
import { EMPTY, method, type ListRequest, type Methods } from './method.js';

const CHANGEABLE = new Set(['expireTime', 'labels']);
const SNAPSHOT = protoType<SnapshotResource>('Snapshot');

interface CreateSnapshotRequest {
  readonly name?: string;
  readonly subscription?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly tags?: object;
}

interface SeekRequest {
  readonly subscription?: string;
  readonly time?: string;
  readonly snapshot?: string;
}

export const SNAPSHOT_METHODS: Methods = {
  CreateSnapshot: method(
    'CreateSnapshotRequest',
    SNAPSHOT,
    (broker, { name = '', subscription = '', tags, ...labels }: CreateSnapshotRequest) => {
      if (tags !== undefined) throw unimplemented('Snapshot.tags is not supported by the local Pub/Sub.');
      return createSnapshot(broker, { name, subscription, ...labels });
    },
  ),
  GetSnapshot: method(
    'GetSnapshotRequest',
    SNAPSHOT,
    (broker, { snapshot = '' }: { snapshot?: string }) => getSnapshot(broker, snapshot).resource,
  ),
  UpdateSnapshot: method(
    'UpdateSnapshotRequest',
    SNAPSHOT,
    (broker, { snapshot, updateMask }: { snapshot?: SnapshotResource; updateMask?: string }) => {
      if (snapshot === undefined) throw invalidArgument('The snapshot is missing.');
      const current = getSnapshot(broker, snapshot.name).resource;
      return updateSnapshot(broker, applyMask(current, snapshot, updateMask, CHANGEABLE));
    },
  ),
  DeleteSnapshot: method(
    'DeleteSnapshotRequest',
    EMPTY,
    (broker, { snapshot = '' }: { snapshot?: string }) => {
      deleteSnapshot(broker, snapshot);
      return {};
    },
  ),
  ListSnapshots: method(
    'ListSnapshotsRequest',
    protoType<{ snapshots?: readonly SnapshotResource[]; nextPageToken?: string }>('ListSnapshotsResponse'),
    (broker, request: ListRequest) => {
      const all = listSnapshots(broker, checkProject(request.project));
      const { items, ...next } = pageOf(all, ({ name }) => name, request);
      return { snapshots: items, ...next };
    },
  ),
  Seek: method('SeekRequest', EMPTY, (broker, { subscription = '', ...target }: SeekRequest) => {
    seek(broker, { subscription, ...target });
    return {};
  }),
};
