import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeExit, isConfigurationExit, reasonOfExit } from '../dist/exit.js';

function spawnError(code: string, errno: number): Error {
  return Object.assign(new Error(`spawn /app/actorembed ${code}`), { code, errno });
}

describe('the end of a server', () => {
  for (const [platform, error, reason, words] of [
    ['darwin', spawnError('Unknown system error -86', -86), 'wrongArchitecture', /Intel processors/],
    ['linux', spawnError('ENOEXEC', -8), 'wrongArchitecture', /another processor/],
    ['win32', spawnError('UNKNOWN', -4094), 'blocked', /virus scanner/],
    ['win32', spawnError('EPERM', -4048), 'blocked', /virus scanner/],
    ['linux', spawnError('EACCES', -13), 'notExecutable', /chmod \+x/],
    ['linux', spawnError('ENOENT', -2), 'executableNotFound', /could not be run/],
    ['linux', spawnError('EMFILE', -24), 'notStarted', /could not be run/],
  ] as const)
    it(`is told where it could not be run: ${error.message} on ${platform}`, () => {
      const exit = { code: null, signal: null, spawnError: error };
      assert.equal(reasonOfExit(exit, platform), reason);
      assert.match(describeExit(exit, platform), words);
    });

  for (const code of [0xc0000135, 0xc0000005])
    it(`names the Visual C++ runtime for 0x${code.toString(16)} on Windows`, () => {
      const exit = { code, signal: null };
      assert.equal(reasonOfExit(exit, 'win32'), 'missingRuntime');
      assert.match(describeExit(exit, 'win32'), /0xc0000[^]*Visual C\+\+ Redistributable/);
    });

  it('is worth another start unless it is the configuration that is wrong', () => {
    const codes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    assert.deepEqual(codes.filter((code) => isConfigurationExit({ code, signal: null })), [2, 3, 4, 9]);
    assert.equal(isConfigurationExit({ code: null, signal: 'SIGKILL' }), false);
  });
});
