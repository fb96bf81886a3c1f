import { execFileSync } from 'node:child_process';
import { root } from './options.mjs';

// A peer that cannot be installed is left out; what is built from this repository must build.
const installMinutes = 10;
const buildMinutes = 30;

/** Installs the peers' packages, publishes the server, builds the bench and lets it write the model in every format. */
export function prepare({ skipBuild, model, files, server }) {
  if (!skipBuild) {
    install();
    // As scripts/publish.sh does it for a release, without packing it.
    const rid = `linux-${process.arch}`;
    run('dotnet', ['publish', 'src/Api', '-c', 'Release', '-r', rid, '--self-contained', '-o', server, '--nologo', '-v', 'quiet',
      '-p:PublishSingleFile=true', '-p:PublishReadyToRun=true', '-p:PublishReadyToRunComposite=false', '-p:DebugType=none'], buildMinutes);
    run('dotnet', ['build', 'bench/Bench', '-c', 'Release', '--nologo', '-v', 'quiet'], buildMinutes);
    try {
      run('dotnet', ['build', 'bench/peers/servers/llamasharp', '-c', 'Release', '--nologo', '-v', 'quiet'], installMinutes);
    } catch (error) {
      console.error(`LLamaSharp: ${error.message.split('\n')[0]}. It is left out unless it was built before.`);
    }
  }
  run('dotnet', ['bench/Bench/bin/Release/net10.0/ActorEmbed.Bench.dll', model.name === 'standin' ? 'peers-files' : 'real-peers-files', model.name === 'standin' ? model.directory : model.name, files], buildMinutes);
}

function install() {
  try {
    // Not ci: it refuses a lock file that lacks node-llama-cpp's packages for other systems, which not every registry has.
    run('npm', ['install', '--no-save', '--prefix', 'bench/peers'], installMinutes);
  } catch (error) {
    console.error(`npm: ${error.message.split('\n')[0]}. Peers from npm are left out unless they are there already.`);
  }
}

function run(command, args, minutes) {
  console.error(`> ${command} ${args.slice(0, 2).join(' ')}`);
  execFileSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], timeout: minutes * 60_000 });
}
