#!/usr/bin/env bash
# Builds the unit tests as nanoFramework assemblies and runs them on nanoCLR. Last line: N passed, N failed, N skipped.
set -uo pipefail
cd "$(dirname "$0")/../.."

usage() {
    cat <<'HELP'
usage: tests/emulator/run.sh [--configuration Debug|Release] [--timeout SECONDS] [--all] [--help]

Restores the nanoFramework packages, builds the projects in the folders beside this script and runs each on nanoCLR.
They are several because no nanoFramework assembly holds more than 64 KiB of names and texts.

  --configuration NAME  Release by default
  --timeout SECONDS     for the run of one project; 900 by default
  --all                 build the whole of MbmsMe.nfproj.sln, the firmware of the boards included

It needs the .NET SDK and
  the packages            from the NuGet source that dotnet is set up with,
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

configuration=Release timeout=900
tests=(tests/emulator/*/*.nfproj)
projects=("${tests[@]}") configs=(tests/emulator/*/packages.config)
while [ $# -gt 0 ]; do
    case $1 in
        --configuration) configuration=${2:?a configuration must follow}; shift 2 ;;
        --timeout) timeout=${2:?seconds must follow}; shift 2 ;;
        --all)
            projects=(MbmsMe.nfproj.sln)
            configs+=(firmware/*/packages.config hal/*/packages.config)
            shift
            ;;
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
    [ -f "$NANOFRAMEWORK_PROJECT_SYSTEM/NFProjectSystem.CSharp.targets" ] ||
        stop "NANOFRAMEWORK_PROJECT_SYSTEM holds no NFProjectSystem.CSharp.targets: $NANOFRAMEWORK_PROJECT_SYSTEM"
    system=$(cd "$NANOFRAMEWORK_PROJECT_SYSTEM" && pwd)
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
rm -f "$work"/*.txt
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
dotnet restore "$work/Packages/Packages.csproj" ${source[@]+"${source[@]}"} --packages "$cache" --force -v q || exit 1
while read -r id version; do
    rm -rf "packages/$id.$version"
    cp -R "$cache/$(echo "$id" | tr '[:upper:]' '[:lower:]')/$version" "packages/$id.$version" || exit 1
done <<< "$rows"

# --- build, from nothing: what the metadata processor left half written it would take for finished
for folder in firmware/*/ hal/*/ tests/emulator/*/; do
    rm -rf "${folder}bin/$configuration" "${folder}obj/$configuration"
done
for project in "${projects[@]}"; do
    "${msbuild[@]}" "$project" -nologo -v:m "-p:Configuration=$configuration" "-p:NanoFrameworkProjectSystemPath=$system" || exit 1
done

# --- run
run() { # the folder of the assemblies; mscorlib goes first, the tests last
    local pe middle=()
    for pe in "$1"/*.pe; do
        case $pe in
            */mscorlib.pe | */nanoFramework.UnitTestLauncher.pe | */NFUnitTest.pe) ;;
            *) middle+=("$pe") ;;
        esac
    done
    "${clr[@]}" "$1/mscorlib.pe" "${middle[@]}" "$1/nanoFramework.UnitTestLauncher.pe" "$1/NFUnitTest.pe" < /dev/null &
    local clr_id=$! i
    (
        for ((i = 0; i < timeout; i++)); do
            sleep 1
            kill -0 $clr_id || exit
        done
        kill -9 $clr_id
    ) > /dev/null 2>&1 &
    wait $clr_id
}

# The test methods of a project that its log does not name: the launcher ends with "Done." as well where it cannot read a class.
unheard() { # project, log
    local class method file
    sed -nE 's/.*<Compile Include="([^"]+)".*/\1/p' "$1" | tr '\\' / | while read -r file; do
        file=$(dirname "$1")/$file
        grep -q '\[TestClass\]' "$file" || continue
        class=$(sed -nE 's/^ *public (sealed )?class ([A-Za-z0-9_]+).*/\2/p' "$file" | head -n 1)
        sed -nE '/\[TestMethod\]/,/public void/s/^ *public void ([A-Za-z0-9_]+)\(.*/\1/p' "$file" | while read -r method; do
            grep -qE "^Test [a-z]+,MbmsMe\.Tests\.$class\.$method[.,]" "$2" || echo "$class.$method"
        done
    done
}

passed=0 failed=0 skipped=0 bad=0
for project in "${tests[@]}"; do
    folder=$(dirname "$project")
    name=$(basename "$folder") log=$work/$(basename "$folder").txt
    printf '\n== %s\n' "$name"
    run "$folder/bin/$configuration" 2>&1 | tr -d '\r' | tee "$log"
    status=${PIPESTATUS[0]}
    p=$(grep -c '^Test passed,' "$log") f=$(grep -c '^Test failed,' "$log") s=$(grep -c '^Test skipped,' "$log")
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    trouble=
    if [ "$status" = 137 ]; then
        trouble="nanoCLR was ended after $timeout seconds"
    elif [ "$status" != 0 ]; then
        trouble="nanoCLR ended with exit code $status"
    elif ! grep -q '^Done\.' "$log"; then
        trouble="nanoCLR ended before the last test: there is no Done."
    elif [ $((p + f)) = 0 ]; then
        trouble="no test ran"
    fi
    lost=$(unheard "$project" "$log")
    if [ -z "$trouble" ] && [ -n "$lost" ]; then
        trouble="these did not run: $(echo $lost)"
    fi
    if [ -n "$trouble" ]; then
        echo "$name: $trouble"
        bad=1
    fi
done

echo
grep -h '^Test failed,' "$work"/*.txt
echo "$passed passed, $failed failed, $skipped skipped"
[ $bad = 0 ] && [ "$failed" = 0 ]
