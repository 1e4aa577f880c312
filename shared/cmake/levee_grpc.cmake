# levee::grpc is gRPC with what it needs, and abseil. A program with the property LEVEE_GRPC_ARCHIVES gets them as archives:
# the 50 shared libraries that gRPC comes in cost 5 ms of CPU before main(), which counts for one that lives for 15 ms. Where
# there are no archives it gets the shared ones as everything else does, and under a sanitizer, which tells gRPC's code from ours
# by the file that it is in.
find_package(absl CONFIG REQUIRED)
get_target_property(grpc_library gRPC::grpc++ LOCATION)
get_filename_component(grpc_folder ${grpc_library} DIRECTORY)
set(grpc_archives)
foreach(name grpc++ grpc gpr upb address_sorting cares re2 protobuf)
  set(archive ${grpc_folder}/lib${name}.a)
  if(NOT EXISTS ${archive})
    message(STATUS "No ${archive}: the program levee is linked to shared libraries and starts more slowly")
    set(grpc_archives)
    break()
  endif()
  list(APPEND grpc_archives ${archive})
endforeach()

add_library(levee_grpc INTERFACE)
add_library(levee::grpc ALIAS levee_grpc)
set(shared gRPC::grpc++ protobuf::libprotobuf absl::flat_hash_map absl::flat_hash_set absl::inlined_vector)
if(grpc_archives AND NOT LEVEE_SANITIZE)
  file(GLOB absl_archives ${grpc_folder}/libabsl_*.a)
  add_library(levee_grpc_archives INTERFACE)
  target_link_libraries(levee_grpc_archives INTERFACE
    -Wl,--start-group ${grpc_archives} ${absl_archives} -Wl,--end-group -lssl -lcrypto -lz Threads::Threads)
  set(wanted "$<BOOL:$<TARGET_PROPERTY:LEVEE_GRPC_ARCHIVES>>")
  target_link_libraries(levee_grpc INTERFACE "$<${wanted}:levee_grpc_archives>")
  list(TRANSFORM shared REPLACE "(.+)" "$<$<NOT:${wanted}>:\\1>")
endif()
target_link_libraries(levee_grpc INTERFACE ${shared})
