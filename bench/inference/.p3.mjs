import * as L from '/work/main/libs/schema-inference/dist/index.js';
import {makeEvents,MATCHING_KINDS} from '/work/main/bench/inference/fixtures.mjs';
import {inferSchema} from '/work/main/bench/inference/engine.mjs';
const u=()=>{const x=process.threadCpuUsage();return (x.user+x.system)*1000};
function bench(fns,bufs,rounds=15,ms=40){const names=Object.keys(fns);const res=Object.fromEntries(names.map(n=>[n,[]]));
 for(const n of names){for(let i=0;i<30;i++)for(const b of bufs)fns[n](b)}
 for(let r=0;r<rounds;r++)for(const n of names){const f=fns[n];let c=0;const t0=u();let t;do{for(const b of bufs)f(b);c+=bufs.length;t=u()-t0}while(t<ms*1e6);res[n].push(t/c)}
 return Object.fromEntries(names.map(n=>[n,res[n].sort((a,b)=>a-b)[4]]))}
const A={event_type:'bench'};
for(const k of [...MATCHING_KINDS,'exact']){
 const bufs=makeEvents(k,64);const schema=inferSchema(bufs);const c=L.compileSchema(schema);
 const opt={schemaOf:()=>c};let sink=0;
 const r=bench({parse:b=>{sink+=Object.keys(JSON.parse(b.toString())).length&1},
  decode:b=>{L.decodeEvent({data:b,attributes:A})},decodeH:b=>{L.decodeEvent({data:b,attributes:A},opt)},
  verdict:b=>{L.fit(L.decodeEvent({data:b,attributes:A}).event,c,{verdictOnly:true})},
  verdictH:b=>{L.fit(L.decodeEvent({data:b,attributes:A},opt).event,c,{verdictOnly:true})},
  rowH:b=>{sink+=L.fit(L.decodeEvent({data:b,attributes:A},opt).event,c).pending.length},
  row:b=>{sink+=L.fit(L.decodeEvent({data:b,attributes:A}).event,c).pending.length}},bufs);
 console.log(k.padEnd(14),bufs[0].length,'B',Object.entries(r).map(([n,v])=>n+' '+v.toFixed(0)+' ('+(r.parse/v).toFixed(2)+')').join('  '));}
