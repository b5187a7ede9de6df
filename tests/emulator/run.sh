#!/usr/bin/env bash
# Builds the unit tests as nanoFramework assemblies and runs them on nanoCLR. Last line: N passed, N failed, N skipped.
set -uo pipefail
cd "$(dirname "$0")/../.."

usage() {
    cat <<'HELP'
usage: tests/emulator/run.sh [--configuration Debug|Release] [--timeout SECONDS] [--all] [--help]

Restores the nanoFramework packages, builds tests/Unit/NFUnitTest.nfproj and runs its assemblies on nanoCLR.

  --configuration NAME  Release by default
  --timeout SECONDS     for the run of the tests; 900 by default
  --all                 build the whole of MbmsMe.nfproj.sln, the firmware of the boards included

It needs the .NET SDK and
  the packages            from the configured NuGet source,
  the project system      of the VS Code extension (code --install-extension nanoframework.vscode-nanoframework),
                          whose build tasks run under Mono's msbuild (mono-complete from mono-project.com),
  nanoCLR                 the tool nanoclr (dotnet tool install --global nanoclr).
On Windows use tests/emulator/run.ps1.

Local stand-ins, each by an environment variable:
  NANOFRAMEWORK_FEED            folder of .nupkg files, the only source of packages
  NANOFRAMEWORK_PROJECT_SYSTEM  folder of NFProjectSystem.*.props and .targets; its tasks run under dotnet msbuild
  NANOCLR                       program that takes the .pe files as its arguments, mscorlib.pe first

Exit codes: 0 every test passed, 1 something did not, 2 something is not installed or the command line is wrong.
HELP
}

stop() {
    echo "run.sh: $1" >&2
    exit 2
}

configuration=Release timeout=900 project=tests/Unit/NFUnitTest.nfproj
configs=(tests/Unit/packages.config)
while [ $# -gt 0 ]; do
    case $1 in
        --configuration) configuration=${2:?a configuration must follow}; shift 2 ;;
        --timeout) timeout=${2:?seconds must follow}; shift 2 ;;
        --all) project=MbmsMe.nfproj.sln configs=(firmware/*/packages.config hal/*/packages.config tests/*/packages.config); shift ;;
        --help | -h) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
done

command -v dotnet > /dev/null || stop "there is no dotnet: install the .NET 10 SDK (https://dotnet.microsoft.com/download)"

# --- what runs the tests
if [ -n "${NANOCLR:-}" ]; then
    [ -x "$NANOCLR" ] || stop "NANOCLR names no program: $NANOCLR"
    clr=("$NANOCLR")
elif command -v nanoclr > /dev/null; then
    clr=(nanoclr run --assemblies)
else
    stop "there is no nanoclr: dotnet tool install --global nanoclr (and ~/.dotnet/tools on the PATH)"
fi

# --- what builds them
if [ -n "${NANOFRAMEWORK_PROJECT_SYSTEM:-}" ]; then
    system=$NANOFRAMEWORK_PROJECT_SYSTEM
    [ -f "$system/NFProjectSystem.CSharp.targets" ] || stop "NANOFRAMEWORK_PROJECT_SYSTEM holds no NFProjectSystem.CSharp.targets: $system"
    msbuild=(dotnet msbuild)
else
    system=
    for folder in "$HOME"/.vscode*/extensions/nanoframework.vscode-nanoframework-*/dist/utils/nanoFramework/v1.0; do
        [ ! -f "$folder/NFProjectSystem.CSharp.targets" ] || system=$folder
    done
    [ -n "$system" ] || stop "there is no nanoFramework project system: code --install-extension nanoframework.vscode-nanoframework"
    command -v msbuild > /dev/null || stop "there is no msbuild: install mono-complete from https://www.mono-project.com"
    # The tests need a newer C# than Mono's own compiler has.
    compiler=$(dotnet msbuild tests/Unit/Unit.csproj -getProperty:RoslynTargetsPath)/bincore
    msbuild=(msbuild "-p:CscToolPath=$compiler" -p:CscToolExe=csc)
fi

# --- the packages: dotnet does not restore a packages.config, but downloads any package that a project names
work=artifacts/emulator
mkdir -p "$work/Packages" packages
source=() cache=$work/configured
if [ -n "${NANOFRAMEWORK_FEED:-}" ]; then
    [ -d "$NANOFRAMEWORK_FEED" ] || stop "NANOFRAMEWORK_FEED names no folder: $NANOFRAMEWORK_FEED"
    source=(--source "$(cd "$NANOFRAMEWORK_FEED" && pwd)") cache=$work/feed
    rm -rf "$cache"
fi
rows=$(sed -nE 's/.*<package id="([^"]+)" version="([^"]+)".*/\1 \2/p' "${configs[@]}" | sort -u)
{
    echo '<Project Sdk="Microsoft.NET.Sdk">'
    echo '  <ItemGroup>'
    while read -r id version; do
        echo "    <PackageDownload Include=\"$id\" Version=\"[$version]\" />"
    done <<< "$rows"
    echo '  </ItemGroup>'
    echo '</Project>'
} > "$work/Packages/Packages.csproj"
dotnet restore "$work/Packages/Packages.csproj" "${source[@]}" --packages "$cache" --force -v q || exit 1
while read -r id version; do
    rm -rf "packages/$id.$version"
    cp -R "$cache/$(echo "$id" | tr '[:upper:]' '[:lower:]')/$version" "packages/$id.$version" || exit 1
done <<< "$rows"

# --- build
output=tests/Unit/bin/$configuration
rm -rf "$output"
"${msbuild[@]}" "$project" -nologo -v:m "-p:Configuration=$configuration" "-p:NanoFrameworkProjectSystemPath=$system" || exit 1

# --- run; the emulator takes mscorlib first, the tests last
last=("$output/nanoFramework.UnitTestLauncher.pe" "$output/NFUnitTest.pe")
middle=()
for pe in "$output"/*.pe; do
    case $pe in
        */mscorlib.pe | */nanoFramework.UnitTestLauncher.pe | */NFUnitTest.pe) ;;
        *) middle+=("$pe") ;;
    esac
done
log=$work/log.txt
(
    "${clr[@]}" "$output/mscorlib.pe" "${middle[@]}" "${last[@]}" < /dev/null &
    run=$!
    (
        for ((i = 0; i < timeout; i++)); do
            sleep 1
            kill -0 $run || exit
        done
        kill -9 $run
    ) > /dev/null 2>&1 &
    wait $run
) 2>&1 | tr -d '\r' | tee "$log"
status=${PIPESTATUS[0]}

passed=$(grep -c '^Test passed,' "$log")
failed=$(grep -c '^Test failed,' "$log")
skipped=$(grep -c '^Test skipped,' "$log")
bad=0
if [ "$status" = 137 ]; then
    echo "nanoCLR was ended after $timeout seconds"
    bad=1
elif [ "$status" != 0 ]; then
    echo "nanoCLR ended with exit code $status"
    bad=1
elif ! grep -q '^Done\.' "$log"; then
    echo "nanoCLR ended before the last test: there is no Done."
    bad=1
elif [ $((passed + failed)) = 0 ]; then
    echo "no test ran"
    bad=1
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ $bad = 0 ] && [ "$failed" = 0 ]
