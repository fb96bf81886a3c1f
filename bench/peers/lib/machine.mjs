import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { root } from './options.mjs';

// USER_HZ, which Linux fixes at 100.
const ticksPerSecond = 100;
const mebibyte = 1024; // proc counts in kilobytes.

export function describeMachine() {
  return {
    cpu: cpus()[0].model,
    instructionSets: instructionSets(),
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `Linux ${release()}`,
    node: process.version,
    dotnet: output('dotnet', ['--version']),
    commit: output('git', ['rev-parse', '--short=12', 'HEAD']) + (output('git', ['status', '--porcelain', 'src', 'bench/Bench', 'bench/peers']) ? ', with changes' : ''),
  };
}

/** What of the processor decides which kernels a matrix product takes. */
function instructionSets() {
  const flags = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1].split(' ') ?? [];
  return flags.filter((flag) => /^(fma|avx2|avx_vnni|avx512(f|bw|_vnni|_bf16)|amx_.*|asimddp|i8mm|sve.*|bf16)$/.test(flag));
}

/** Counts the CPU time that others than the given processes and this one used, as a share of all cores. */
export function watchOthers(ownPids) {
  const start = { time: performance.now(), busy: busySeconds(), own: ownSeconds(ownPids) };
  return () => {
    const seconds = (performance.now() - start.time) / 1000;
    const others = busySeconds() - start.busy - (ownSeconds(ownPids) - start.own);
    return Math.max(0, others) / (seconds * availableParallelism());
  };
}

/** CPU seconds that a process and its descendants have used. */
export function cpuSeconds(pid) {
  return sum(tree(pid).map((each) => {
    const fields = statFields(each);
    // utime and stime, counted after the name in brackets.
    return fields ? (Number(fields[11]) + Number(fields[12])) / ticksPerSecond : 0;
  }));
}

/** Memory of a process and its descendants in MB: the peak, now, and what of it is not backed by files. */
export function memory(pid) {
  const total = { peakMb: 0, residentMb: 0, anonymousMb: 0 };
  for (const each of tree(pid)) {
    const status = readFileSync(`/proc/${each}/status`, 'utf8');
    const field = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0) / mebibyte;
    total.peakMb += field('VmHWM');
    total.residentMb += field('VmRSS');
    total.anonymousMb += field('RssAnon');
  }
  return total;
}

/** Waits for the exclusive lock of a file and holds it until the returned function is called. */
export async function hold(path) {
  if (!path) return () => {};
  const holder = spawn('flock', ['-x', path, 'sh', '-c', 'echo held; cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise((resolve, reject) => holder.stdout.once('data', resolve).once('error', reject));
  return () => holder.stdin.end();
}

function busySeconds() {
  // user, nice, system, idle, iowait, irq, softirq, steal: all but idle and iowait are work.
  const ticks = readFileSync('/proc/stat', 'utf8').split('\n')[0].split(/\s+/).slice(1, 9).map(Number);
  return (sum(ticks) - ticks[3] - ticks[4]) / ticksPerSecond;
}

/** This process, the given ones, and those that this one started and that have ended. */
function ownSeconds(pids) {
  // utime, stime, cutime, cstime.
  return sum(pids.map(cpuSeconds)) + sum(statFields('self').slice(11, 15).map(Number)) / ticksPerSecond;
}

function tree(pid) {
  const children = new Map();
  for (const entry of readdirSync('/proc')) {
    const parent = /^\d+$/.test(entry) ? statFields(entry)?.[1] : undefined;
    if (parent) children.set(parent, [...(children.get(parent) ?? []), entry]);
  }
  const found = [String(pid)];
  for (let i = 0; i < found.length; i++) found.push(...(children.get(found[i]) ?? []));
  return found;
}

/** The fields behind the name, from the state on; undefined when the process has ended. */
function statFields(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
  } catch {
    return undefined;
  }
}

const sum = (values) => values.reduce((total, value) => total + value, 0);

const output = (command, args) => execFileSync(command, args, { cwd: root, encoding: 'utf8' }).trim();
