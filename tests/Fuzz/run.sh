#!/usr/bin/env bash
# Coverage-guided fuzzing of the core with afl-fuzz and SharpFuzz. Last line: N passed, N failed, N skipped.
set -uo pipefail

usage() {
    cat << 'EOF'
tests/Fuzz/run.sh [--seconds N] [--harness NAME] [--ci] [--coverage] [--list] [--help]

  --seconds N      seconds for each harness (17: about 2 minutes in all)
  --harness NAME   only this one; may be given more than once
  --ci             start from the seeds alone, and print each found case in base64 as well
  --coverage       afterwards, the lines and branches of the core that the kept inputs of all harnesses run through
  --list           names of the harnesses

Without --ci a run goes on where the last one stopped (artifacts/fuzz/out; delete it to start anew).
Found cases are copied to tests/Fuzz/Found/<harness>, where tests/Host runs them as tests.
Needs the .NET 10 SDK and afl++ (installed by apt-get where that is possible; skipped otherwise).
EOF
}

cd "$(dirname "$0")/../.." || exit 1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en

sharpfuzz_version=2.3.0
coverlet_version=10.0.1
work=$PWD/artifacts/fuzz
seconds=17 ci=false coverage=false
harnesses=()
while [ $# -gt 0 ]; do
    case "$1" in
        --seconds) seconds=${2:?seconds}; shift ;;
        --harness) harnesses+=("${2:?harness}"); shift ;;
        --ci) ci=true ;;
        --coverage) coverage=true ;;
        --list) harnesses=(list) ;;
        --help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
    shift
done

# What is fuzzed: all of the core but the hashes and the cipher, whose rounds would only hide new paths.
instrumented=(MbmsMe.Configuration MbmsMe.Crypto.Octets MbmsMe.DropLog MbmsMe.Gba MbmsMe.Http MbmsMe.Key MbmsMe.MeService
    MbmsMe.Mikey MbmsMe.MobileEquipment MbmsMe.OctetReader MbmsMe.OctetWriter MbmsMe.Srtp MbmsMe.Storage MbmsMe.Xml)

fail() { echo "$*" >&2; echo "0 passed, 1 failed, 0 skipped"; exit 1; }

install_sharpfuzz() {
    [ -e "$work/tools/.store/sharpfuzz.commandline/$sharpfuzz_version" ] ||
        dotnet tool install SharpFuzz.CommandLine --version $sharpfuzz_version --tool-path "$work/tools" > "$work/tool.log" 2>&1
}

install_afl() {
    command -v afl-fuzz > /dev/null && return
    local root=()
    [ "$(id -u)" = 0 ] || root=(sudo -n)
    "${root[@]}" apt-get -qq update
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends afl++ > /dev/null
    command -v afl-fuzz > /dev/null
}

stat_of() { sed -nE "s/^$2 *: ([^%]*)%?$/\1/p" "$1/default/fuzzer_stats" 2> /dev/null; }

mkdir -p "$work"
plain=$work/plain/MbmsMe.Fuzz.dll
dotnet publish tests/Fuzz -c Release -o "$work/plain" > "$work/build.log" 2>&1 || { cat "$work/build.log"; fail "tests/Fuzz does not build"; }
mapfile -t all < <(dotnet "$plain" list)
if [ "${harnesses[*]}" = list ]; then printf '%s\n' "${all[@]}"; exit 0; fi
for name in "${harnesses[@]}"; do
    [[ " ${all[*]} " = *" $name "* ]] || { echo "no harness $name; there are: ${all[*]}" >&2; exit 2; }
done
[ ${#harnesses[@]} -gt 0 ] || harnesses=("${all[@]}")

skip() { echo "SKIPPED: $*"; echo "0 passed, 0 failed, ${#harnesses[@]} skipped"; exit 0; }
install_afl || skip "no afl-fuzz, and apt-get could not install afl++"
install_sharpfuzz || skip "SharpFuzz.CommandLine $sharpfuzz_version could not be installed: $(tail -n 1 "$work/tool.log")"

rm -rf "$work/instrumented" "$work/seeds"
cp -r "$work/plain" "$work/instrumented"
DOTNET_ROLL_FORWARD=Major "$work/tools/sharpfuzz" "$work/instrumented/MbmsMe.Core.dll" "${instrumented[@]}" || fail "MbmsMe.Core.dll could not be instrumented"
dotnet "$plain" seeds "$work/seeds" || fail "no seeds"

# Nobody looks at the screen; the target is a managed program; a core pattern that pipes would only delay crashes.
export AFL_NO_UI=1 AFL_SKIP_BIN_CHECK=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_AUTORESUME=1
export DOTNET_TieredPGO=0 DOTNET_GCHeapHardLimit=0x10000000

passed=0 failed=0 skipped=0
for name in "${harnesses[@]}"; do
    out=$work/out/$name
    ! $ci || rm -rf "$out"
    mkdir -p "$out"
    dictionary=()
    [ ! -e "$work/seeds/$name.dict" ] || dictionary=(-x "$work/seeds/$name.dict")
    afl-fuzz -i "$work/seeds/$name" -o "$out" -t 2000 -m none -V "$seconds" "${dictionary[@]}" -- \
        dotnet "$work/instrumented/MbmsMe.Fuzz.dll" run "$name" > "$work/$name.log" 2>&1
    status=$?
    if [ -z "$(stat_of "$out" execs_done)" ]; then
        # A seed that fails ends afl-fuzz before it starts.
        dotnet "$plain" replay "$name" "$work/seeds/$name"
        tail -n 15 "$work/$name.log"
        echo "$name: afl-fuzz did not run (exit code $status)"
        failed=$((failed + 1))
        continue
    fi

    crashes=0 hangs=0 seen=
    for file in "$out"/default/crashes/id* "$out"/default/hangs/id*; do
        [ -e "$file" ] || continue
        [[ $file = */crashes/* ]] && crashes=$((crashes + 1)) || hangs=$((hangs + 1))

        # The same failure is kept once: what failed, and where.
        what=$(timeout 20 dotnet "$plain" replay "$name" "$file" | sed "s|^$file: ||" | head -n 2)
        [[ $seen != *"$what"* ]] || continue
        seen+=$what
        found=tests/Fuzz/Found/$name/$(sha1sum "$file" | cut -c1-12).bin
        mkdir -p "tests/Fuzz/Found/$name"
        install -m 644 "$file" "$found"
        printf 'found: %s\n%s\n' "$found" "$what"
        ! $ci || { base64 -w 0 "$file"; echo; }
    done

    printf '%s: %s executions in %s s, %s/s, %s edges, map %s %%, %s inputs kept, stability %s %%, %s crashes, %s hangs\n' "$name" \
        "$(stat_of "$out" execs_done)" "$(stat_of "$out" run_time)" "$(stat_of "$out" execs_per_sec)" "$(stat_of "$out" edges_found)" \
        "$(stat_of "$out" bitmap_cvg)" "$(stat_of "$out" corpus_count)" "$(stat_of "$out" stability)" "$crashes" "$hangs"
    if [ $((crashes + hangs)) = 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
done

# The kept inputs, run by FoundCases.cs in a test project of their own that has coverlet.
measure_coverage() {
    rm -rf "$work/coverage"
    mkdir -p "$work/coverage"
    cat > "$work/coverage/FuzzCoverage.csproj" << EOF
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <AssemblyName>MbmsMe.HostTests</AssemblyName>
    <ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally>
    <IsTestProject>true</IsTestProject>
  </PropertyGroup>
  <ItemGroup>
    <Compile Include="$PWD/tests/Fuzz/FoundCases.cs" />
    <ProjectReference Include="$PWD/tests/Fuzz/Fuzz.csproj" />
    <PackageReference Include="coverlet.collector" Version="$coverlet_version" />
$(sed -nE '/"(Microsoft.NET.Test.Sdk|MSTest.TestAdapter|MSTest.TestFramework)"/s/PackageVersion/PackageReference/p' Directory.Packages.props)
  </ItemGroup>
</Project>
EOF
    for name in "${all[@]}"; do
        mkdir -p "$work/coverage/cases/$name"
        cp "$work/seeds/$name"/* "$work/out/$name/default/queue"/id* "$work/coverage/cases/$name" 2> /dev/null
    done
    MBMSME_FUZZ_CASES=$work/coverage/cases dotnet test "$work/coverage" --filter Name~FoundCasesHoldAllInvariants --collect "XPlat Code Coverage" \
        --results-directory "$work/coverage/results" -- 'DataCollectionRunSettings.DataCollectors.DataCollector.Configuration.Include=[MbmsMe.Core]*' \
        > "$work/coverage.log" 2>&1 || { tail -n 20 "$work/coverage.log"; return 1; }
    echo "line and branch coverage of firmware/Core by the kept inputs, in percent:"
    sed -nE 's/.*<(package|class) name="([^"]*)".* line-rate="([^"]*)" branch-rate="([^"]*)".*/\2 \3 \4/p' "$work"/coverage/results/*/coverage.cobertura.xml |
        awk '{ printf "  %-48s %6.1f %6.1f\n", $1, 100 * $2, 100 * $3 }'
}

if $coverage; then
    measure_coverage || { echo "coverage could not be measured"; failed=$((failed + 1)); }
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
